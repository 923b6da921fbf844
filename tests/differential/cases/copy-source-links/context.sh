mkdir -p d/sub; echo b > d/sub/b; echo f > f; ln -s f link; ln -s d dirlink; ln -s /d/sub/b abs; ln -s nowhere d/dangling; ln -s ../f d/up
