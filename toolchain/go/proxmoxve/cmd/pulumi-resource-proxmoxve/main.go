// Command pulumi-resource-proxmoxve is the resource plugin. It reads schema.json and bridge-metadata.json from the
// folder of its executable: both are generated from the code that is compiled here, so embedding them would take a
// second build and generated files inside the source tree.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"

	"proxmox-ha/toolchain/proxmoxve/provider"
)

func main() {
	schema, metadata, err := readGenerated()
	if err != nil {
		fmt.Fprintf(os.Stderr, "proxmoxve plugin: %v; build and install the plugin again, as one folder\n", err)
		os.Exit(1)
	}
	tfbridge.MainWithMuxer(context.Background(), provider.PackageName, provider.Info(metadata), schema)
}

// readGenerated returns the contents of the two files that pulumi-tfgen-proxmoxve wrote.
func readGenerated() (schema, metadata []byte, err error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	folder := filepath.Dir(executable)
	if schema, err = os.ReadFile(filepath.Join(folder, "schema.json")); err != nil {
		return nil, nil, err
	}
	metadata, err = os.ReadFile(filepath.Join(folder, "bridge-metadata.json"))
	return schema, metadata, err
}
