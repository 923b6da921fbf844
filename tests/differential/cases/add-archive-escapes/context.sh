echo f > f; tar -P --transform='s,f,../escaped,' --owner=0 --group=0 -cf a.tar f; rm f
