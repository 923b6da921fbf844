echo f > f; chmod 600 f; tar --owner=7 --group=8 -cf a.tar f
