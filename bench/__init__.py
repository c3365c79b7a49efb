"""The numbers behind the README: `make bench` prints them beside their limits, and beside a peer where there is one."""
