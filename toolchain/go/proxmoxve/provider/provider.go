// Package provider says how the Terraform provider bpg/proxmox appears in Pulumi. It has to offer exactly the tokens
// and properties of the npm package @muhlba91/pulumi-proxmoxve at the same Version, because programs use that SDK.
package provider

import (
	"context"

	"github.com/bpg/terraform-provider-proxmox/fwprovider"
	sdkprovider "github.com/bpg/terraform-provider-proxmox/proxmoxtf/provider"
	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// Version is what the plugin reports. The SDK asks for a plugin of its own version, so it is the SDK's and not bpg's.
const Version = "8.6.0"

// autonameLength is the longest name that is made up for a resource without one; the SDK leaves such names out.
const autonameLength = 255

// Info describes the bridged provider. bpg is written half for Terraform's old SDK and half for its plugin framework;
// metadata is what the generator noted about which half serves a token, and empty while the generator itself runs.
func Info(metadata []byte) tfbridge.ProviderInfo {
	halves := pfbridge.MuxShimWithPF(
		context.Background(),
		shimv2.NewProvider(sdkprovider.ProxmoxVirtualEnvironment()),
		updatable{fwprovider.New(Version)()},
	)
	info := tfbridge.ProviderInfo{
		P:            halves,
		Name:         "proxmox",
		DisplayName:  "Proxmox Virtual Environment",
		Description:  "Manages Proxmox Virtual Environment with the Terraform provider bpg/proxmox.",
		GitHubOrg:    "bpg",
		License:      "Apache-2.0",
		Version:      Version,
		MetadataInfo: tfbridge.NewProviderMetadata(metadata),
		Resources:    renameIDs(halves),
	}
	info.MustComputeTokens(tokenStrategy())
	info.SetAutonaming(autonameLength, "-")
	return info
}
