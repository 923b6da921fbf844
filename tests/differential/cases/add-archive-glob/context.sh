echo f > f; tar --owner=0 --group=0 -cf a.tar f; echo g > g; tar --owner=0 --group=0 -cf b.tar g; echo o > other; rm f g
