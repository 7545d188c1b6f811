"""The revision of an issue moves with every change that a page shows of it, and with nothing else."""
