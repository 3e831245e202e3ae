package provider

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bpg/terraform-provider-proxmox/fwprovider"
	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// storageServer answers as Proxmox VE does when the storage id is created, changed and read.
func storageServer(t *testing.T, id string) *httptest.Server {
	stored := map[string]any{"shared": 1}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + r.URL.Path {
		case "POST /api2/json/storage", "PUT /api2/json/storage/" + id:
			_ = r.ParseForm()
			for key := range r.PostForm {
				stored[key] = r.PostForm.Get(key)
			}
			_, _ = w.Write([]byte(`{"data":null}`))
		case "GET /api2/json/storage/" + id:
			_ = json.NewEncoder(w).Encode(map[string]any{"data": stored})
		default:
			t.Errorf("unexpected request %s %s", r.Method, r.URL)
			w.WriteHeader(http.StatusNotImplemented)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// started is the plugin, which asks the server of a test.
func started(t *testing.T, server *httptest.Server) pulumirpc.ResourceProviderServer {
	ctx := context.Background()
	info := Info(nil)
	info.P = pfbridge.ShimProvider(updatable{fwprovider.New(Version)()})
	plugin, err := pfbridge.NewProviderServer(ctx, nil, info, pfbridge.ProviderMetadata{PackageSchema: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = plugin.Configure(ctx, &pulumirpc.ConfigureRequest{Args: object(t, map[string]any{
		"endpoint": server.URL,
		"apiToken": "a@pve!t=00000000-0000-0000-0000-000000000000",
		"insecure": "true",
	})})
	if err != nil {
		t.Fatal(err)
	}
	return plugin
}

// TestCreateOfAStorageReturnsItsID goes through the bridge, because there upstream's release 8.3.0 panicked.
func TestCreateOfAStorageReturnsItsID(t *testing.T) {
	plugin := started(t, storageServer(t, "nas"))
	created, err := plugin.Create(context.Background(), &pulumirpc.CreateRequest{
		Urn: "urn:pulumi:dev::test::proxmoxve:storage/nfs:Nfs::nas",
		Properties: object(t, map[string]any{
			"resourceId": "nas",
			"server":     "192.0.2.10",
			"export":     "/tank",
			"contents":   []any{"images"},
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if created.GetId() != "nas" {
		t.Errorf("the id is %q, want nas", created.GetId())
	}
}

func object(t *testing.T, fields map[string]any) *structpb.Struct {
	s, err := structpb.NewStruct(fields)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
