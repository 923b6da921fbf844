echo f > f; tar -cf a.tar f
