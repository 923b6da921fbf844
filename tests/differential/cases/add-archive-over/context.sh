mkdir t; echo a > t/a; mkdir t/d; echo n > t/d/n; tar -C t --mtime=2001-02-03T00:00:00Z -cf x.tar .; rm -r t
