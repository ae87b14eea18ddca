module example.org/house/good

go 1.26.0
