ln -s nowhere l
