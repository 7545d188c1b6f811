"""The settings of an installation: the environment (``env``) and support.yml (``support``)."""
