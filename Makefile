.PHONY: run build examples test race lint fuzz bench bench-peers bench-mixed profiles bench-imports bench-search bench-relevance bench-editing prove clean

RACE = $(shell .ci/raceflags)

run: ## serve the sample course at http://127.0.0.1:8080
	go run . serve --sample

build: ## the binary, without cgo
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o lectern .

examples: ## the examples of documentation and contract, asked of the sample course
	go test ./server -run Examples -update
	go test ./server -run ContractHasTheDrafts -update

test: ## all tests; those that need PostgreSQL or shared documents say so when they are left out
	go test ./...

race: ## all tests with the race detector (needs a C compiler)
	CGO_ENABLED=1 go test $(RACE) ./...

lint: ## golangci-lint
	golangci-lint run ./...

fuzz: ## every fuzz target for FUZZTIME each
	.ci/fuzz $${FUZZTIME:-10s}

bench: ## Lectern with and without its cache beside bare Fiber, with 2,000 sections
	go run ./bench -json bench.json -svg bench.svg

bench-peers: ## the same with PocketBase, which is built on demand
	go run ./bench -peers -json bench.json -svg bench.svg

bench-mixed: ## readers who save and publish, 64 at once, for 5 minutes: no error, nothing out of date
	go run ./bench -mixed 5m -connections 64 -json bench-mixed.json

profiles: ## flame graphs of hot and cold reads, into docs/
	go run ./bench -profiles docs -seconds 12 -connections 8

bench-imports: ## imports of generated sites of 1,000 and 10,000 pages: time, CPU time, memory
	go run ./bench/imports

bench-search: ## the embedded search engine with 11,000 and 100,000 sections: index time, size, memory, time to answer
	go run ./bench/search -sections 11000
	go run ./bench/search -sections 100000

bench-relevance: ## how well searches rank, on judged collections
	go run ./bench/relevance ../shared/relevance/*

bench-editing: ## saves and publishes beside the same rows written by raw GORM: time, CPU time
	go run ./bench/editing

prove: ## the full size of what go test does small: kills, property tests, fuzzing
	LECTERN_PROVE=1 CGO_ENABLED=1 go test $(RACE) -timeout 60m -count=1 ./...
	.ci/fuzz 2m

clean: ## what was built
	rm -f lectern
