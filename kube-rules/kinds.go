package main

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/apis/admissionregistration"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicy"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicybinding"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingwebhookconfiguration"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/resolver"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicy"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicybinding"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingwebhookconfiguration"
	"k8s.io/kubernetes/pkg/registry/apiserverinternal/storageversion"
	"k8s.io/kubernetes/pkg/registry/apps/controllerrevision"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/certificates/certificates"
	"k8s.io/kubernetes/pkg/registry/certificates/clustertrustbundle"
	"k8s.io/kubernetes/pkg/registry/certificates/podcertificaterequest"
	"k8s.io/kubernetes/pkg/registry/coordination/lease"
	"k8s.io/kubernetes/pkg/registry/coordination/leasecandidate"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/endpoint"
	"k8s.io/kubernetes/pkg/registry/core/event"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/node"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolume"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/podtemplate"
	"k8s.io/kubernetes/pkg/registry/core/replicationcontroller"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/discovery/endpointslice"
	"k8s.io/kubernetes/pkg/registry/flowcontrol/flowschema"
	"k8s.io/kubernetes/pkg/registry/flowcontrol/prioritylevelconfiguration"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/ingressclass"
	"k8s.io/kubernetes/pkg/registry/networking/ipaddress"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/networking/servicecidr"
	"k8s.io/kubernetes/pkg/registry/node/runtimeclass"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/resource/deviceclass"
	"k8s.io/kubernetes/pkg/registry/resource/devicetaintrule"
	"k8s.io/kubernetes/pkg/registry/resource/resourceclaim"
	"k8s.io/kubernetes/pkg/registry/resource/resourceclaimtemplate"
	"k8s.io/kubernetes/pkg/registry/resource/resourceslice"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
	"k8s.io/kubernetes/pkg/registry/storage/csidriver"
	"k8s.io/kubernetes/pkg/registry/storage/csinode"
	"k8s.io/kubernetes/pkg/registry/storage/csistoragecapacity"
	"k8s.io/kubernetes/pkg/registry/storage/storageclass"
	"k8s.io/kubernetes/pkg/registry/storage/volumeattachment"
	"k8s.io/kubernetes/pkg/registry/storage/volumeattributesclass"
	"k8s.io/kubernetes/pkg/registry/storagemigration/storagemigration"
)

// strategy is what the API server asks about one kind, on creation and on update.
type strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

type kind struct {
	strategy strategy
	resource string
}

var kinds = map[schema.GroupKind]kind{
	{Kind: "ConfigMap"}:             {configmap.Strategy, "configmaps"},
	{Kind: "Endpoints"}:             {endpoint.Strategy, "endpoints"},
	{Kind: "Event"}:                 {event.Strategy, "events"},
	{Kind: "LimitRange"}:            {limitrange.Strategy, "limitranges"},
	{Kind: "Namespace"}:             {namespace.Strategy, "namespaces"},
	{Kind: "Node"}:                  {node.Strategy, "nodes"},
	{Kind: "PersistentVolume"}:      {persistentvolume.Strategy, "persistentvolumes"},
	{Kind: "PersistentVolumeClaim"}: {persistentvolumeclaim.Strategy, "persistentvolumeclaims"},
	{Kind: "Pod"}:                   {pod.Strategy, "pods"},
	{Kind: "PodTemplate"}:           {podtemplate.Strategy, "podtemplates"},
	{Kind: "ReplicationController"}: {replicationcontroller.Strategy, "replicationcontrollers"},
	{Kind: "ResourceQuota"}:         {resourcequota.Strategy, "resourcequotas"},
	{Kind: "Secret"}:                {secret.Strategy, "secrets"},
	{Kind: "Service"}:               {service.Strategy, "services"},
	{Kind: "ServiceAccount"}:        {serviceaccount.Strategy, "serviceaccounts"},

	{Group: "apps", Kind: "ControllerRevision"}: {controllerrevision.Strategy, "controllerrevisions"},
	{Group: "apps", Kind: "DaemonSet"}:          {daemonset.Strategy, "daemonsets"},
	{Group: "apps", Kind: "Deployment"}:         {deployment.Strategy, "deployments"},
	{Group: "apps", Kind: "ReplicaSet"}:         {replicaset.Strategy, "replicasets"},
	{Group: "apps", Kind: "StatefulSet"}:        {statefulset.Strategy, "statefulsets"},

	{Group: "batch", Kind: "CronJob"}: {cronjob.Strategy, "cronjobs"},
	{Group: "batch", Kind: "Job"}:     {job.Strategy, "jobs"},

	{Group: "autoscaling", Kind: "HorizontalPodAutoscaler"}: {horizontalpodautoscaler.Strategy, "horizontalpodautoscalers"},

	{Group: "policy", Kind: "PodDisruptionBudget"}: {poddisruptionbudget.Strategy, "poddisruptionbudgets"},

	{Group: "networking.k8s.io", Kind: "IPAddress"}:     {ipaddress.Strategy, "ipaddresses"},
	{Group: "networking.k8s.io", Kind: "Ingress"}:       {ingress.Strategy, "ingresses"},
	{Group: "networking.k8s.io", Kind: "IngressClass"}:  {ingressclass.Strategy, "ingressclasses"},
	{Group: "networking.k8s.io", Kind: "NetworkPolicy"}: {networkpolicy.Strategy, "networkpolicies"},
	{Group: "networking.k8s.io", Kind: "ServiceCIDR"}:   {servicecidr.Strategy, "servicecidrs"},

	{Group: rbacGroup, Kind: "ClusterRole"}:        {clusterrole.Strategy, "clusterroles"},
	{Group: rbacGroup, Kind: "ClusterRoleBinding"}: {clusterrolebinding.Strategy, "clusterrolebindings"},
	{Group: rbacGroup, Kind: "Role"}:               {role.Strategy, "roles"},
	{Group: rbacGroup, Kind: "RoleBinding"}:        {rolebinding.Strategy, "rolebindings"},

	{Group: "storage.k8s.io", Kind: "CSIDriver"}:             {csidriver.Strategy, "csidrivers"},
	{Group: "storage.k8s.io", Kind: "CSINode"}:               {csinode.Strategy, "csinodes"},
	{Group: "storage.k8s.io", Kind: "CSIStorageCapacity"}:    {csistoragecapacity.Strategy, "csistoragecapacities"},
	{Group: "storage.k8s.io", Kind: "StorageClass"}:          {storageclass.Strategy, "storageclasses"},
	{Group: "storage.k8s.io", Kind: "VolumeAttachment"}:      {volumeattachment.Strategy, "volumeattachments"},
	{Group: "storage.k8s.io", Kind: "VolumeAttributesClass"}: {volumeattributesclass.Strategy, "volumeattributesclasses"},

	{Group: "scheduling.k8s.io", Kind: "PriorityClass"}: {priorityclass.Strategy, "priorityclasses"},

	{Group: "node.k8s.io", Kind: "RuntimeClass"}: {runtimeclass.Strategy, "runtimeclasses"},

	{Group: "coordination.k8s.io", Kind: "Lease"}:          {lease.Strategy, "leases"},
	{Group: "coordination.k8s.io", Kind: "LeaseCandidate"}: {leasecandidate.Strategy, "leasecandidates"},

	{Group: "discovery.k8s.io", Kind: "EndpointSlice"}: {endpointslice.Strategy, "endpointslices"},
	{Group: "events.k8s.io", Kind: "Event"}:            {event.Strategy, "events"},

	{Group: flowGroup, Kind: "FlowSchema"}:                 {flowschema.Strategy, "flowschemas"},
	{Group: flowGroup, Kind: "PriorityLevelConfiguration"}: {prioritylevelconfiguration.Strategy, "prioritylevelconfigurations"},

	{Group: certificateGroup, Kind: "CertificateSigningRequest"}: {certificates.Strategy, "certificatesigningrequests"},
	{Group: certificateGroup, Kind: "ClusterTrustBundle"}:        {clustertrustbundle.Strategy, "clustertrustbundles"},
	{Group: certificateGroup, Kind: "PodCertificateRequest"}:     {podcertificaterequest.NewStrategy(), "podcertificaterequests"},

	{Group: "resource.k8s.io", Kind: "DeviceClass"}:           {deviceclass.Strategy, "deviceclasses"},
	{Group: "resource.k8s.io", Kind: "DeviceTaintRule"}:       {devicetaintrule.Strategy, "devicetaintrules"},
	{Group: "resource.k8s.io", Kind: "ResourceClaim"}:         {resourceclaim.NewStrategy(namespaces{}), "resourceclaims"},
	{Group: "resource.k8s.io", Kind: "ResourceClaimTemplate"}: {resourceclaimtemplate.NewStrategy(namespaces{}), "resourceclaimtemplates"},
	{Group: "resource.k8s.io", Kind: "ResourceSlice"}:         {resourceslice.Strategy, "resourceslices"},

	{Group: "storagemigration.k8s.io", Kind: "StorageVersionMigration"}: {storagemigration.Strategy, "storageversionmigrations"},
	{Group: "internal.apiserver.k8s.io", Kind: "StorageVersion"}:        {storageversion.Strategy, "storageversions"},

	{Group: admissionGroup, Kind: "MutatingAdmissionPolicy"}:          {mutatingadmissionpolicy.NewStrategy(allowAll{}, resources), "mutatingadmissionpolicies"},
	{Group: admissionGroup, Kind: "MutatingAdmissionPolicyBinding"}:   {mutatingadmissionpolicybinding.NewStrategy(allowAll{}, noPolicies{}, resources), "mutatingadmissionpolicybindings"},
	{Group: admissionGroup, Kind: "MutatingWebhookConfiguration"}:     {mutatingwebhookconfiguration.Strategy, "mutatingwebhookconfigurations"},
	{Group: admissionGroup, Kind: "ValidatingAdmissionPolicy"}:        {validatingadmissionpolicy.NewStrategy(allowAll{}, resources), "validatingadmissionpolicies"},
	{Group: admissionGroup, Kind: "ValidatingAdmissionPolicyBinding"}: {validatingadmissionpolicybinding.NewStrategy(allowAll{}, noPolicies{}, resources), "validatingadmissionpolicybindings"},
	{Group: admissionGroup, Kind: "ValidatingWebhookConfiguration"}:   {validatingwebhookconfiguration.Strategy, "validatingwebhookconfigurations"},
}

const (
	admissionGroup   = "admissionregistration.k8s.io"
	certificateGroup = "certificates.k8s.io"
	flowGroup        = "flowcontrol.apiserver.k8s.io"
	rbacGroup        = "rbac.authorization.k8s.io"
)

// allowAll answers what a policy asks about the rights of its author; those are the cluster's.
type allowAll struct{}

func (allowAll) Authorize(context.Context, authorizer.Attributes) (authorizer.Decision, string, error) {
	return authorizer.DecisionAllow, "", nil
}

// noPolicies has a binding validated without the policy it names, which may be in the cluster only.
type noPolicies struct{}

func (noPolicies) GetValidatingAdmissionPolicy(_ context.Context, name string) (*admissionregistration.ValidatingAdmissionPolicy, error) {
	return nil, fmt.Errorf("policy %s is not known here", name)
}

func (noPolicies) GetMutatingAdmissionPolicy(_ context.Context, name string) (*admissionregistration.MutatingAdmissionPolicy, error) {
	return nil, fmt.Errorf("policy %s is not known here", name)
}

// The resolver is used while the table is built, so it looks the table up when it is asked.
var resources resolver.ResourceResolver = resolver.ResourceResolverFunc(func(gvk schema.GroupVersionKind) (schema.GroupVersionResource, error) {
	return lookup(gvk)
})

// Set when the table stands: a function that reads the table may not be named in it.
var lookup func(schema.GroupVersionKind) (schema.GroupVersionResource, error)

func init() { lookup = resolve }

func resolve(gvk schema.GroupVersionKind) (schema.GroupVersionResource, error) {
	if resource := resourceOf(gvk.GroupKind()); resource != "" {
		return gvk.GroupVersion().WithResource(resource), nil
	}
	return schema.GroupVersionResource{}, &meta.NoKindMatchError{GroupKind: gvk.GroupKind(), SearchedVersions: []string{gvk.Version}}
}
