// Command pulumi-tfgen-proxmoxve writes the two files that the plugin reads at its start:
//
//	pulumi-tfgen-proxmoxve schema --skip-docs --skip-examples --out DIR
//
// Docs and examples stay out because they are made from the upstream documentation tree, which is no part of the module.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"

	"proxmox-ha/toolchain/proxmoxve/provider"
)

func main() {
	tfgen.MainWithMuxer(provider.PackageName, provider.Info(nil))
}
