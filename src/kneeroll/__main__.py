"""`python -m kneeroll`."""

from kneeroll.cli import main

main()
