mkdir -p s/a/b; echo f > s/a/b/f; tar --owner=7 --group=8 -C s -cf a.tar a/b/f; rm -r s
