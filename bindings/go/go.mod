module fwcore

go 1.19
