package provider

import (
	"context"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// TestAStorageOfABackupServerIsChanged under both of its names.
func TestAStorageOfABackupServerIsChanged(t *testing.T) {
	for _, token := range []string{"storage/pbs:Pbs", "storage/pbsLegacy:PbsLegacy"} {
		t.Run(token, func(t *testing.T) {
			ctx := context.Background()
			server := started(t, storageServer(t, "vault"))
			urn := "urn:pulumi:dev::test::proxmoxve:" + token + "::vault"
			inputs := func(kind string) map[string]any {
				return map[string]any{
					"resourceId": "vault", "server": "192.0.2.10", "datastore": "main",
					"username": "pve@pbs", "password": "secret", "contents": []any{kind},
				}
			}
			created, err := server.Create(ctx, &pulumirpc.CreateRequest{Urn: urn, Properties: object(t, inputs("backup"))})
			if err != nil {
				t.Fatal(err)
			}
			changed, err := server.Update(ctx, &pulumirpc.UpdateRequest{
				Urn: urn, Id: created.GetId(), Olds: created.GetProperties(), OldInputs: object(t, inputs("backup")),
				News: object(t, inputs("iso")),
			})
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range changed.GetProperties().AsMap() {
				if value == plugin.UnknownStringValue {
					t.Errorf("after the change %s is unknown, which the engine refuses", name)
				}
			}
			if got := changed.GetProperties().AsMap()["contents"]; len(got.([]any)) != 1 || got.([]any)[0] != "iso" {
				t.Errorf("the contents are %v, want iso", got)
			}
		})
	}
}
