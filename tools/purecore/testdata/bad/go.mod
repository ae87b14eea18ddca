module example.org/house/bad

go 1.26.0
