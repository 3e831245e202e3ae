package provider

import (
	"strings"
	"testing"
)

func TestTokenPartsFollowTheNpmSDK(t *testing.T) {
	for terraformName, want := range map[string]string{
		"proxmox_vm":                                                  "index Vm",
		"proxmox_cloned_vm":                                           "cloned Vm",
		"proxmox_virtual_environment_vm":                              "index VmLegacy",
		"proxmox_virtual_environment_vm2":                             "index Vm2Legacy",
		"proxmox_virtual_environment_container":                       "index ContainerLegacy",
		"proxmox_haresource":                                          "index Haresource",
		"proxmox_storage_nfs":                                         "storage Nfs",
		"proxmox_backup_job":                                          "backup Job",
		"proxmox_network_linux_bridge":                                "network/linux Bridge",
		"proxmox_apt_standard_repository":                             "apt/standard Repository",
		"proxmox_virtual_environment_cluster_firewall_security_group": "cluster/firewall/security GroupLegacy",
	} {
		module, name, err := tokenParts(terraformName)
		if got := module + " " + name; err != nil || got != want {
			t.Errorf("%s becomes %q (error %v), want %q", terraformName, got, err, want)
		}
	}
}

func TestTokenPartsRefuseForeignNames(t *testing.T) {
	for _, terraformName := range []string{"", "proxmox", "proxmox_", "proxmox_virtual_environment_", "aws_instance"} {
		if module, name, err := tokenParts(terraformName); err == nil {
			t.Errorf("%q becomes %q %q, want an error", terraformName, module, name)
		}
	}
}

func TestEveryTokenIsUnique(t *testing.T) {
	info := Info(nil)
	seen := map[string]string{}
	note := func(terraformName, token string) {
		if !strings.HasPrefix(token, PackageName+":") {
			t.Errorf("%s has the token %q", terraformName, token)
		}
		if other, found := seen[token]; found {
			t.Errorf("%s and %s share the token %s", terraformName, other, token)
		}
		seen[token] = terraformName
	}
	for name, res := range info.Resources {
		note(name, string(res.Tok))
	}
	for name, source := range info.DataSources {
		note(name, string(source.Tok))
	}
	// The numbers of the npm SDK at Version.
	if len(info.Resources) != 115 || len(info.DataSources) != 91 {
		t.Errorf("%d resources and %d data sources, want 115 and 91", len(info.Resources), len(info.DataSources))
	}
}
