FROM localhost:5123/other:1
