mkdir d; mkfifo -m 600 d/pipe
