package provider

import (
	"context"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func TestIDIsTakenFromItsProperty(t *testing.T) {
	text := resource.NewProperty("nas")
	for name, value := range map[string]resource.PropertyValue{
		"string": text,
		"secret": resource.MakeSecret(text),
		"output": resource.NewProperty(resource.Output{Element: text, Known: true, Secret: true}),
	} {
		state := resource.PropertyMap{"resourceId": value, "id": resource.NewProperty("wrong")}
		if id, err := idFrom("resourceId")(context.Background(), state); err != nil || id != "nas" {
			t.Errorf("%s gives %q (error %v), want nas", name, id, err)
		}
	}
	vmid := resource.PropertyMap{"resourceId": resource.NewProperty(999999999.0)}
	if id, err := idFrom("resourceId")(context.Background(), vmid); err != nil || id != "999999999" {
		t.Errorf("a number gives %q (error %v), want 999999999", id, err)
	}
}

func TestStateWithoutIDIsAnErrorAndNoPanic(t *testing.T) {
	for name, state := range map[string]resource.PropertyMap{
		"no state": nil,
		"old key":  {"id": resource.NewProperty("nas")},
		"null":     {"resourceId": resource.NewNullProperty()},
		"empty":    {"resourceId": resource.NewProperty("")},
		"list":     {"resourceId": resource.NewProperty([]resource.PropertyValue{})},
		"computed": {"resourceId": resource.MakeComputed(resource.NewProperty(""))},
		"unknown":  {"resourceId": resource.NewProperty(resource.Output{})},
	} {
		id, err := idFrom("resourceId")(context.Background(), state)
		if err == nil || !strings.Contains(err.Error(), "resourceId") {
			t.Errorf("%s gives %q (error %v), want an error that names the property", name, id, err)
		}
	}
}

// The list is that of the npm SDK: its classes with a property resourceId, less HA resources, whose Terraform attribute
// is named resource_id.
func TestInputIDsAreRenamedAsInTheNpmSDK(t *testing.T) {
	short := []string{
		"backup_job", "cloned_vm", "replication", "sdn_fabric_openfabric", "sdn_fabric_ospf", "sdn_vnet",
		"sdn_zone_evpn", "sdn_zone_qinq", "sdn_zone_simple", "sdn_zone_vlan", "sdn_zone_vxlan",
		"storage_cifs", "storage_directory", "storage_lvm", "storage_lvmthin", "storage_nfs", "storage_pbs",
		"storage_zfspool", "vm",
	}
	want := map[string]string{"proxmox_sdn_controller_evpn": "sdnControllerEvpnId"}
	for _, name := range short {
		want["proxmox_"+name] = "resourceId"
		switch name {
		case "backup_job": // never had a long name
		case "vm":
			want["proxmox_virtual_environment_vm2"] = "resourceId"
		default:
			want["proxmox_virtual_environment_"+name] = "resourceId"
		}
	}

	for name, res := range Info(nil).Resources {
		renamed := ""
		if field := res.Fields["id"]; field != nil {
			renamed = field.Name
		}
		if renamed != want[name] {
			t.Errorf("%s calls its id %q, want %q", name, renamed, want[name])
		}
		if renamed != "" && res.ComputeID == nil {
			t.Errorf("%s renames its id and does not compute one", name)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("bpg/proxmox has no %v", want)
	}
}
