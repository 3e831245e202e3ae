package provider

import (
	"context"
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// defaultIDProperty is what programs call a Terraform attribute "id" that they may set: the name of a storage, the
// VMID of a guest. Pulumi keeps "id" for itself.
const defaultIDProperty = "resourceId"

// otherIDProperties holds the resources for which the npm SDK has another name: upstream's list of renames lacks them,
// so they got the name that the bridge makes up.
var otherIDProperties = map[string]string{
	"proxmox_sdn_controller_evpn": "sdnControllerEvpnId",
}

// renameIDs returns an override for every resource whose "id" is an input. It reads the schema instead of a list of
// names, so that no resource can be forgotten; a test holds the result equal to the npm SDK.
func renameIDs(p shim.Provider) map[string]*tfbridge.ResourceInfo {
	overrides := map[string]*tfbridge.ResourceInfo{}
	p.ResourcesMap().Range(func(terraformName string, res shim.Resource) bool {
		id, found := res.Schema().GetOk("id")
		if !found || !(id.Required() || id.Optional()) {
			return true
		}
		property, found := otherIDProperties[terraformName]
		if !found {
			property = defaultIDProperty
		}
		overrides[terraformName] = &tfbridge.ResourceInfo{
			// VMIDs are numbers in Terraform; the SDK has strings everywhere.
			Fields:    map[string]*tfbridge.SchemaInfo{"id": {Name: property, Type: "string"}},
			ComputeID: idFrom(resource.PropertyKey(property)),
		}
		return true
	})
	return overrides
}

// idFrom returns a function that takes a resource's Pulumi id from a property. The bridge hands it the state under the
// new names: reading "id" there is the mistake that made release 8.3.0 of the upstream plugin panic on every create.
func idFrom(property resource.PropertyKey) tfbridge.ComputeID {
	return func(_ context.Context, state resource.PropertyMap) (resource.ID, error) {
		value := state[property]
		if value.IsOutput() {
			value = value.OutputValue().Element
		}
		if value.IsSecret() {
			value = value.SecretValue().Element
		}
		switch {
		case value.IsString() && value.StringValue() != "":
			return resource.ID(value.StringValue()), nil
		case value.IsNumber():
			return resource.ID(strconv.FormatFloat(value.NumberValue(), 'f', -1, 64)), nil
		default:
			return "", fmt.Errorf("cannot tell the resource's id: its property %q is %s. It may exist on Proxmox VE now:"+
				" import it or delete it there", property, value.TypeString())
		}
	}
}
