package provider

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
)

// PackageName is the Pulumi package: the first part of every token, and of the plugin's file name.
const PackageName = "proxmoxve"

// prefixes are tried in order. bpg moves its resources from the long prefix to the short one and offers many under
// both, so Pulumi needs two tokens; the npm SDK marks the long one with "Legacy".
var prefixes = []struct{ terraform, suffix string }{
	{"proxmox_virtual_environment_", "Legacy"},
	{"proxmox_", ""},
}

// tokenParts turns a Terraform name into the module and the name of its Pulumi token. The last word is the name and
// the words before it are the module, because that is how the npm SDK was generated; words are never joined.
func tokenParts(terraformName string) (module, name string, err error) {
	for _, p := range prefixes {
		rest, found := strings.CutPrefix(terraformName, p.terraform)
		if !found {
			continue
		}
		words := strings.Split(rest, "_")
		last := len(words) - 1
		if words[last] == "" {
			break
		}
		module = "index"
		if last > 0 {
			module = strings.Join(words[:last], "/")
		}
		return module, strings.ToUpper(words[last][:1]) + words[last][1:] + p.suffix, nil
	}
	return "", "", fmt.Errorf("cannot make a token of %q: want a word after proxmox_", terraformName)
}

// tokenStrategy gives every resource and data source the token that the npm SDK asks for.
func tokenStrategy() tfbridge.Strategy {
	return tfbridge.Strategy{
		Resource: func(terraformName string, res *tfbridge.ResourceInfo) error {
			module, name, err := tokenParts(terraformName)
			if err != nil {
				return err
			}
			res.Tok = tfbridge.MakeResource(PackageName, module, name)
			return nil
		},
		DataSource: func(terraformName string, source *tfbridge.DataSourceInfo) error {
			module, name, err := tokenParts(terraformName)
			if err != nil {
				return err
			}
			source.Tok = tfbridge.MakeDataSource(PackageName, module, "get"+name)
			return nil
		},
	}
}
