mkdir tree; echo t > tree/t; ln -s t tree/rel; ln -s /etc/passwd tree/abs; ln -s nowhere tree/dangling; ln -s tree/t tolink; ln -s tree tofolder
