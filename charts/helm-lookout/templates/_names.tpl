{{/* Names of objects, labels and annotations. */}}

{{- define "helm-lookout.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
At most 52 characters, so that the names of a StatefulSet's pods and revisions fit into 63, and without the dots that a
release's name may have and a Service's may not. What is cut or changed gets a hash, so that no two become one.
*/}}
{{- define "helm-lookout.fullname" -}}
{{- $name := include "helm-lookout.name" . -}}
{{- $default := contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) -}}
{{- $whole := .Values.fullnameOverride | default $default -}}
{{- if or (gt (len $whole) 52) (contains "." $whole) -}}
{{- $whole = printf "%s-%s" (replace "." "-" $whole | trunc 43 | trimSuffix "-") (sha256sum $whole | trunc 8) -}}
{{- end -}}
{{- $whole -}}
{{- end -}}

{{- define "helm-lookout.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{/* Of roles: unique in the cluster, since no name of a namespace or release holds a colon. */}}
{{- define "helm-lookout.clusterName" -}}
{{- printf "%s:%s" (include "helm-lookout.namespace" .) (include "helm-lookout.fullname" .) -}}
{{- end -}}

{{- define "helm-lookout.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "helm-lookout.fullname" .) "default") -}}
{{- end -}}

{{- define "helm-lookout.selectorLabels" -}}
app.kubernetes.io/name: {{ include "helm-lookout.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "helm-lookout.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{ include "helm-lookout.selectorLabels" . }}
{{- end -}}

{{/*
The body of an object's metadata. Of a dict: root; suffix of the name, or name; of, the values that have the object's
namespace, labels and annotations, each if there is one; labels, over which those do not go, as not over the selector's;
further annotations, which give way to those; true as cluster for an object without namespace.
*/}}
{{- define "helm-lookout.metadata" -}}
{{- $root := .root -}}
{{- $of := .of | default dict -}}
{{- $namespace := $of.namespace | default (include "helm-lookout.namespace" $root) -}}
{{- $labels := include "helm-lookout.labels" $root | fromYaml -}}
{{- $selector := include "helm-lookout.selectorLabels" $root | fromYaml -}}
{{- range list $root.Values.commonLabels $of.labels $selector .labels -}}
  {{- $labels = mergeOverwrite $labels (deepCopy (. | default dict)) -}}
{{- end -}}
{{- $annotations := dict -}}
{{- range list $root.Values.commonAnnotations .annotations $of.annotations -}}
  {{- $annotations = mergeOverwrite $annotations (deepCopy (. | default dict)) -}}
{{- end -}}
name: {{ .name | default (printf "%s%s" (include "helm-lookout.fullname" $root) (.suffix | default "")) | quote }}
{{- if not .cluster }}
namespace: {{ $namespace | quote }}
{{- end }}
labels:
  {{- toYaml $labels | nindent 2 }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
