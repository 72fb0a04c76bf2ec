{{/* Rights, and who has them. */}}

{{/* What EKS's webhook looks for at a service account. */}}
{{- define "helm-lookout.irsaAnnotations" -}}
{{- with .Values.aws.irsa -}}
{{- if and .roleArn (not .projectToken) -}}
eks.amazonaws.com/role-arn: {{ .roleArn | quote }}
eks.amazonaws.com/audience: {{ .audience | quote }}
eks.amazonaws.com/token-expiration: {{ .tokenExpirationSeconds | int64 | quote }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* All that the controller asks for: reading what Helm keeps its releases in. */}}
{{- define "helm-lookout.rules" -}}
- apiGroups: [""]
  resources: [{{ hasPrefix "configmap" (.Values.settings.storageDriver | default "secret") | ternary "configmaps" "secrets" }}]
  verbs: [get, list, watch]
{{- end -}}

{{/* roleRef and subjects of a binding to the service account, of a dict: root, kind, name. */}}
{{- define "helm-lookout.binding" -}}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ .name | quote }}
subjects:
  - kind: ServiceAccount
    name: {{ include "helm-lookout.serviceAccountName" .root | quote }}
    namespace: {{ include "helm-lookout.namespace" .root | quote }}
{{- end -}}
