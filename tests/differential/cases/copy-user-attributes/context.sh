echo f > f; setfattr -n user.note -v hello f
