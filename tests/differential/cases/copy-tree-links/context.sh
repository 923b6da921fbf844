mkdir -p d/sub; echo b > d/sub/b; ln -s sub/b d/in; ln -s /etc/passwd d/abs; ln -s ../../../out d/up; ln -s nowhere d/dangling; ln -s sub d/folder
