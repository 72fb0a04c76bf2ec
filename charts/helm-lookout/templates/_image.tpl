{{/* REGISTRY/REPOSITORY:TAG, or @DIGEST. A repository that begins with a host has its registry already. */}}
{{- define "helm-lookout.image" -}}
{{- $image := .Values.image -}}
{{- if not (regexMatch "^(localhost|[^/]*[.:][^/]*)/" $image.repository) -}}
{{- with .Values.global.imageRegistry | default $image.registry -}}{{- . -}}/{{- end -}}
{{- end -}}
{{- $image.repository -}}
{{- if $image.digest -}}
@{{ $image.digest }}
{{- else -}}
:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* imagePullSecrets of a pod, from names or objects. */}}
{{- define "helm-lookout.imagePullSecrets" -}}
{{- $secrets := list -}}
{{- range concat .Values.global.imagePullSecrets .Values.image.pullSecrets -}}
  {{- $secrets = append $secrets (kindIs "string" . | ternary (dict "name" .) .) -}}
{{- end -}}
{{- with $secrets | uniq -}}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}
