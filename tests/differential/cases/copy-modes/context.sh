mkdir -m 700 dir; echo x > dir/suid; chmod 4751 dir/suid; echo s > script; chmod 755 script; mkdir -m 1777 tmpdir; touch -d 1999-01-01T00:00:00Z dir/suid; echo r > ro; chmod 400 ro
