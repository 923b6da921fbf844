mkdir s; mkfifo -m 600 s/pipe; ln -s /etc/passwd s/abs; ln -s nowhere s/dangling; echo o > s/old; touch -d 1999-01-01T00:00:00Z s/old; tar --owner=0 --group=0 -C s -cf a.tar .; rm -r s
