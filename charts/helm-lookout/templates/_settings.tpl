{{/* The settings file, and what else of the chart follows it. */}}

{{- define "helm-lookout.folder" -}}/etc/helm-lookout{{- end -}}
{{- define "helm-lookout.tlsFolder" -}}/etc/helm-lookout-tls{{- end -}}
{{- define "helm-lookout.clientCaFolder" -}}/etc/helm-lookout-client-ca{{- end -}}
{{- define "helm-lookout.tokensFolder" -}}/etc/helm-lookout-tokens{{- end -}}

{{/* What is given in `settings`, with what other values say in the file's terms; without repositories and pins. */}}
{{- define "helm-lookout.settings" -}}
{{- $settings := dict -}}
{{- range $key, $value := .Values.settings -}}
  {{- if not (kindIs "invalid" $value) -}}{{- $_ := set $settings $key $value -}}{{- end -}}
{{- end -}}
{{- /* YAML 1.1 reads an unquoted on or off as a boolean. */ -}}
{{- if kindIs "bool" $settings.releases -}}
  {{- $_ := set $settings "releases" ($settings.releases | ternary "on" "off") -}}
{{- end -}}
{{- if gt (int .Values.shards) 1 -}}
  {{- $_ := set $settings "totalShards" .Values.shards -}}
{{- end -}}
{{- with .Values.tls -}}
  {{- if .enabled -}}
    {{- $_ := set $settings "tlsCertFile" (printf "%s/%s" (include "helm-lookout.tlsFolder" $) .certKey) -}}
    {{- $_ := set $settings "tlsPrivateKeyFile" (printf "%s/%s" (include "helm-lookout.tlsFolder" $) .keyKey) -}}
  {{- end -}}
  {{- if or .clientCa.configMap .clientCa.secret -}}
    {{- $_ := set $settings "clientCaFile" (printf "%s/%s" (include "helm-lookout.clientCaFolder" $) .clientCa.key) -}}
  {{- end -}}
{{- end -}}
{{- if include "helm-lookout.tokensSecretName" . -}}
  {{- $_ := set $settings "authTokenFile" (printf "%s/%s" (include "helm-lookout.tokensFolder" .) .Values.staticTokens.key) -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/* The whole file. */}}
{{- define "helm-lookout.settingsFile" -}}
{{- $file := include "helm-lookout.settings" . | fromYaml -}}
{{- with (include "helm-lookout.repositories" . | fromJson).settings -}}
  {{- $_ := set $file "repositories" . -}}
{{- end -}}
{{- with .Values.pins -}}
  {{- $_ := set $file "pins" . -}}
{{- end -}}
{{- toYaml $file -}}
{{- end -}}

{{/* The port of an address list, which ends its first item; of a dict: addresses, default. */}}
{{- define "helm-lookout.portOf" -}}
{{- $addresses := kindIs "string" .addresses | ternary (list .addresses) .addresses -}}
{{- regexFind "[0-9]+$" (toString (first $addresses)) | default .default -}}
{{- end -}}

{{- define "helm-lookout.metricsPort" -}}
{{- include "helm-lookout.portOf" (dict "addresses" (.Values.settings.metricsBindAddress | default list) "default" "9104") -}}
{{- end -}}

{{- define "helm-lookout.healthPort" -}}
{{- include "helm-lookout.portOf" (dict "addresses" (.Values.settings.healthProbeBindAddress | default list) "default" "8081") -}}
{{- end -}}

{{- define "helm-lookout.metricsPath" -}}
{{- .Values.settings.metricsPath | default "/metrics" -}}
{{- end -}}

{{- define "helm-lookout.scheme" -}}
{{- hasKey (include "helm-lookout.settings" . | fromYaml) "tlsCertFile" | ternary "https" "http" -}}
{{- end -}}

{{- define "helm-lookout.serviceHost" -}}
{{- printf "%s.%s.svc" (include "helm-lookout.fullname" .) (include "helm-lookout.namespace" .) -}}
{{- end -}}

{{- define "helm-lookout.serviceUrl" -}}
{{- printf "%s://%s:%d" (include "helm-lookout.scheme" .) (include "helm-lookout.serviceHost" .) (int64 .Values.service.port) -}}
{{- end -}}

{{/* "true" when whoever reads metrics and pages must say who they are. */}}
{{- define "helm-lookout.isClosed" -}}
{{- $settings := include "helm-lookout.settings" . | fromYaml -}}
{{- if or (get $settings "authFilter") (get $settings "authTokenFile") (get $settings "clientCaFile") -}}true{{- end -}}
{{- end -}}

{{/* "true" unless releases are off. */}}
{{- define "helm-lookout.watchesReleases" -}}
{{- if ne (get (include "helm-lookout.settings" . | fromYaml) "releases") "off" -}}true{{- end -}}
{{- end -}}

{{/* "true" when the pod asks the API server anything. */}}
{{- define "helm-lookout.asksApiServer" -}}
{{- if or (include "helm-lookout.watchesReleases" .) .Values.settings.authFilter -}}true{{- end -}}
{{- end -}}

{{- define "helm-lookout.isSharded" -}}
{{- if gt (int .Values.shards) 1 -}}true{{- end -}}
{{- end -}}

{{/* Other settings than repositories and pins are read at start alone: their change starts new pods. */}}
{{- define "helm-lookout.checksums" -}}
checksum/settings: {{ include "helm-lookout.settings" . | sha256sum }}
{{- with include "helm-lookout.awsKeys" . }}
checksum/aws: {{ sha256sum . }}
{{- end }}
{{- end -}}
