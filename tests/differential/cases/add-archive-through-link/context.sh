mkdir s; ln -s d s/l; mkdir s/d; tar --owner=0 --group=0 -C s -cf a.tar l d; echo f > f; tar --owner=0 --group=0 --transform='s,f,l/f,' -rf a.tar f; rm -r s f
