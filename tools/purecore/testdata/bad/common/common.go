package common // want "package name common says nothing"
