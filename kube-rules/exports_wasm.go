//go:build wasip1

package main

import "unsafe"

var input, output []byte

// kvAlloc gives room for n bytes of input; the room of the call before is void.
//
//go:wasmexport kv_alloc
func kvAlloc(n int32) unsafe.Pointer {
	if cap(input) < int(n) {
		input = make([]byte, n)
	}
	input = input[:n]
	return unsafe.Pointer(unsafe.SliceData(input))
}

// kvRun answers the JSON lines in the first n bytes of the input and gives the length of the answers.
//
//go:wasmexport kv_run
func kvRun(n int32) int32 {
	output = run(input[:n])
	return int32(len(output))
}

// kvOut is where the answers of the last call stand, until the next call.
//
//go:wasmexport kv_out
func kvOut() unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(output))
}

func main() {}
