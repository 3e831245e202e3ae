package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// updatable is bpg's provider with a storage of a backup server that can be changed. bpg 0.112 says of a changed one
// that the key which it has generated is unknown, and so every update fails after it is made.
type updatable struct{ provider.Provider }

func (p updatable) Resources(ctx context.Context) []func() resource.Resource {
	all := p.Provider.Resources(ctx)
	for i, make := range all {
		var named resource.MetadataResponse
		make().Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "proxmox"}, &named)
		if named.TypeName == "proxmox_virtual_environment_storage_pbs" || named.TypeName == "proxmox_storage_pbs" {
			all[i] = func() resource.Resource { return pbsStorage{make().(storage)} }
		}
	}
	return all
}

// storage is what bpg's storages are.
type storage interface {
	resource.ResourceWithConfigure
	resource.ResourceWithImportState
}

type pbsStorage struct{ storage }

// Update takes the generated key from the state, as it does not change with the storage.
func (s pbsStorage) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	s.storage.Update(ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	var key types.String
	at := path.Root("generated_encryption_key")
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, at, &key)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, at, key)...)
}

// MoveState is offered by the shorter of the two names.
func (s pbsStorage) MoveState(ctx context.Context) []resource.StateMover {
	if mover, ok := s.storage.(resource.ResourceWithMoveState); ok {
		return mover.MoveState(ctx)
	}
	return nil
}
