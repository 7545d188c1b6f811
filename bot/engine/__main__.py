"""``python -m bot.engine ARGUMENTS``: Rasa's command line inside TechRef's engine."""

from bot.engine.launcher import main

main()
