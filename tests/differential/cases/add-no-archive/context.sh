: > empty.tar.gz; echo no > broken.tgz; printf 'PK\003\004' > zip.zip
