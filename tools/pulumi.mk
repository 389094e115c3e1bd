# make pulumi: the real Pulumi CLI and its Python language host in .tools/bin.
#
# They come as Go modules; the versions and their checksums are pinned in tools/*/go.mod and go.sum.
# The CLI is of a version whose modules are all served by a module proxy, and the language host of
# the last version inside the SDK's module. A CLI that is on PATH already is preferred.
GO ?= go
TOOLS := .tools/bin
CLI_MODULE := github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
CLI_VERSION := v3.259.0
HOST_MODULE := github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python
SDK_MODULE := github.com/pulumi/pulumi/sdk/v3
VERSION_SYMBOL := $(SDK_MODULE)/go/common/version.Version

.PHONY: pulumi
pulumi:
	@if command -v pulumi >/dev/null && command -v pulumi-language-python >/dev/null; then \
	  echo "pulumi $$(pulumi version) is on PATH: nothing to build"; \
	elif test -x $(TOOLS)/pulumi || command -v $(GO) >/dev/null; then \
	  $(MAKE) --no-print-directory -f $(firstword $(MAKEFILE_LIST)) $(TOOLS)/pulumi-language-python-exec; \
	else \
	  echo "No Go here. Get the CLI from https://www.pulumi.com/docs/install/, or Go 1.25: https://go.dev/dl/"; \
	  exit 1; \
	fi

$(TOOLS)/pulumi-language-python: tools/pulumi-language-python/go.sum
	cd tools/pulumi-language-python && CGO_ENABLED=0 $(GO) build -buildvcs=false -ldflags "-s -w" \
	  -o $(CURDIR)/$(TOOLS)/ $(HOST_MODULE)
	@touch $@

$(TOOLS)/pulumi: tools/pulumi/go.sum
	cd tools/pulumi && CGO_ENABLED=0 $(GO) build -buildvcs=false \
	  -ldflags "-s -w -X $(VERSION_SYMBOL)=$(CLI_VERSION)" -o $(CURDIR)/$(TOOLS)/ $(CLI_MODULE)
	@touch $@

# The script that runs a program is no Go code: it lies in the module's folder.
$(TOOLS)/pulumi-language-python-exec: $(TOOLS)/pulumi $(TOOLS)/pulumi-language-python
	install -m 755 "$$(cd tools/pulumi && $(GO) list -m -f '{{.Dir}}' $(SDK_MODULE))/python/cmd/pulumi-language-python-exec" $@
