mkdir -p s/bin s/sub; echo t > s/bin/tool; chmod 4755 s/bin/tool; echo x > s/sub/x; ln -s bin/tool s/link; ln s/sub/x s/twin; chmod 700 s/sub
tar --owner=7 --group=8 -C s -j -cf a .; rm -r s
