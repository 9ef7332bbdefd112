// Checks notes, inclusion proofs and consistency proofs with Go's own code for its checksum
// database (golang.org/x/mod/sumdb). Reads cases as JSON, writes what was wrong with each, or "".
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type testCase struct {
	Key   string   // verifier key of the log
	Note  string   // signed checkpoint
	Entry string   // base64; an entry that is to be in the tree at Index
	Index int64    // or -1
	Old   string   // a signed checkpoint that is to come before, or ""
	Proof []string // base64 hashes
}

type tree struct {
	size int64
	root tlog.Hash
}

func hashes(written []string) ([]tlog.Hash, error) {
	var read []tlog.Hash
	for _, one := range written {
		hash, err := tlog.ParseHash(one)
		if err != nil {
			return nil, err
		}
		read = append(read, hash)
	}
	return read, nil
}

func open(key string, signed string) (tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tree{}, err
	}
	read, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return tree{}, err
	}
	lines := strings.Split(read.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tree{}, fmt.Errorf("no checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tree{size, root}, err
}

func check(one testCase) error {
	head, err := open(one.Key, one.Note)
	if err != nil {
		return err
	}
	proof, err := hashes(one.Proof)
	if err != nil {
		return err
	}
	if one.Old != "" {
		old, err := open(one.Key, one.Old)
		if err != nil {
			return err
		}
		return tlog.CheckTree(proof, head.size, head.root, old.size, old.root)
	}
	if one.Index < 0 {
		return nil
	}
	entry, err := base64.StdEncoding.DecodeString(one.Entry)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, head.size, head.root, one.Index, tlog.RecordHash(entry))
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	said := make([]string, len(cases))
	for i, one := range cases {
		if err := check(one); err != nil {
			said[i] = err.Error()
		}
	}
	json.NewEncoder(os.Stdout).Encode(said)
}
