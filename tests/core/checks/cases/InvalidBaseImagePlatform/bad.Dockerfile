FROM other:1
