{{/* What values.schema.json cannot say: values that contradict each other. Each line is a message, or nothing. */}}
{{- define "helm-lookout.mistakes" -}}
{{- include "helm-lookout.scaleMistakes" . }}
{{ include "helm-lookout.repositoryMistakes" . }}
{{ include "helm-lookout.endpointMistakes" . }}
{{ include "helm-lookout.accessMistakes" . }}
{{ include "helm-lookout.monitoringMistakes" . }}
{{- end -}}

{{- define "helm-lookout.validate" -}}
{{- $mistakes := list -}}
{{- range splitList "\n" (include "helm-lookout.mistakes" .) -}}
  {{- with trim . -}}{{- $mistakes = append $mistakes . -}}{{- end -}}
{{- end -}}
{{- with $mistakes -}}
  {{- fail (printf "\n\nhelm-lookout: these values do not go together:\n- %s" (join "\n- " .)) -}}
{{- end -}}
{{- end -}}

{{- define "helm-lookout.scaleMistakes" -}}
{{- with .Values -}}
{{- if gt (int .shards) 1 }}
{{- if gt (int .replicas) 1 }}
replicas is {{ .replicas }}, but shards are single pods: leave replicas at 1
{{- end }}
{{- if .autoscaling.enabled }}
autoscaling.enabled: a HorizontalPodAutoscaler cannot change the number of shards
{{- end }}
{{- if not (kindIs "invalid" .settings.shard) }}
settings.shard: with shards it is the number of the pod
{{- end }}
{{- if and .settings.totalShards (ne (int .settings.totalShards) (int .shards)) }}
settings.totalShards is {{ .settings.totalShards }}, shards is {{ .shards }}: give shards alone
{{- end }}
{{- else if and .settings.totalShards (gt (int .settings.totalShards) 1) (kindIs "invalid" .settings.shard) }}
settings.totalShards: without shards, give settings.shard too
{{- end }}
{{- if and .autoscaling.enabled (gt (int .autoscaling.minReplicas) (int .autoscaling.maxReplicas)) }}
autoscaling.minReplicas is {{ .autoscaling.minReplicas }}, more than autoscaling.maxReplicas
{{- end }}
{{- if and .autoscaling.enabled (not (or .autoscaling.targetCPUUtilizationPercentage .autoscaling.targetMemoryUtilizationPercentage .autoscaling.metrics)) }}
autoscaling: give a target of CPU or memory, or metrics
{{- end }}
{{- with .podDisruptionBudget }}
{{- if and .enabled (eq (toString .minAvailable) "100%") }}
podDisruptionBudget.minAvailable of 100% lets no node be drained
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}

{{- define "helm-lookout.repositoryMistakes" -}}
{{- $names := list -}}
{{- range $i, $repository := .Values.repositories -}}
{{- if has .name $names }}
repositories[{{ $i }}]: two are named {{ quote .name }}
{{- end }}
{{- $names = append $names .name }}
{{- if not (or .url .bucket) }}
repositories[{{ $i }}] ({{ .name }}): give a url, or the bucket of an S3 repository
{{- end }}
{{- range $field := list "url" "endpoint" "proxyURL" }}
{{- $url := get $repository $field | toString }}
{{- if include "helm-lookout.hasUserInfo" $url }}
{{- $instead := eq $field "proxyURL" | ternary "name the proxy in proxy.existingSecret" "give them in auth, or by existingSecret" }}
repositories[{{ $i }}] ({{ $repository.name }}): {{ $field }} holds credentials, which everyone could read in the ConfigMap: {{ $instead }}
{{- end }}
{{- if and (eq $field "url") (contains "?" $url) }}
repositories[{{ $i }}] ({{ $repository.name }}): url has a query, which everyone could read in the ConfigMap, and which no repository takes
{{- end }}
{{- end }}
{{- if and .secretKeys (not .existingSecret) }}
repositories[{{ $i }}] ({{ .name }}): secretKeys needs existingSecret
{{- end }}
{{- range $field, $_ := .secretKeys }}
{{- if or (get ($repository.auth | default dict) $field) (get ($repository.tls | default dict) $field) }}
repositories[{{ $i }}] ({{ $repository.name }}): {{ $field }} is given in place and by secretKeys
{{- end }}
{{- end }}
{{- range ($repository.auth | default dict).headers }}
{{- if and .secretKey (not $repository.existingSecret) }}
repositories[{{ $i }}] ({{ $repository.name }}): secretKey of header {{ .name }} needs existingSecret
{{- end }}
{{- end }}
{{- end }}
{{- range $i, $pin := .Values.pins }}
{{- if not (or (has .repository $names) $.Values.extraEnv $.Values.extraEnvFrom) }}
pins[{{ $i }}]: there is no repository {{ quote .repository }}
{{- end }}
{{- end }}
{{- if not (include "helm-lookout.watchesReleases" .) }}
{{- if not (or .Values.repositories .Values.extraEnv .Values.extraEnvFrom) }}
settings.releases is off and there are no repositories: nothing is left to watch
{{- end }}
{{- end }}
{{- end -}}

{{- define "helm-lookout.endpointMistakes" -}}
{{- $settings := include "helm-lookout.settings" . | fromYaml -}}
{{- if eq (include "helm-lookout.metricsPort" .) (include "helm-lookout.healthPort" .) }}
settings.metricsBindAddress and settings.healthProbeBindAddress have the same port
{{- end }}
{{- with .Values.tls }}
{{- if and .enabled (not .existingSecret) }}
tls.enabled needs tls.existingSecret, a Secret of type kubernetes.io/tls
{{- end }}
{{- if and .enabled (or $.Values.settings.tlsCertFile $.Values.settings.tlsPrivateKeyFile) }}
settings.tlsCertFile: the certificate comes from tls already
{{- end }}
{{- if and .clientCa.configMap .clientCa.secret }}
tls.clientCa: give configMap or secret
{{- end }}
{{- if and (or .clientCa.configMap .clientCa.secret) $.Values.settings.clientCaFile }}
settings.clientCaFile: the authorities come from tls.clientCa already
{{- end }}
{{- end }}
{{- if ne (hasKey $settings "tlsCertFile") (hasKey $settings "tlsPrivateKeyFile") }}
settings.tlsCertFile and settings.tlsPrivateKeyFile belong together
{{- end }}
{{- if and (hasKey $settings "clientCaFile") (not (hasKey $settings "tlsCertFile")) }}
tls.clientCa: client certificates need tls.enabled
{{- end }}
{{- if and .Values.settings.authTokenFile (include "helm-lookout.tokensSecretName" .) }}
settings.authTokenFile: the tokens come from staticTokens already
{{- end }}
{{- if and (or .Values.settings.authFilter (hasKey $settings "authTokenFile")) (not (hasKey $settings "tlsCertFile")) (not .Values.tls.terminatedElsewhere) }}
settings.authFilter and staticTokens: tokens would cross the network unencrypted; set tls.enabled, or tls.terminatedElsewhere when a service mesh encrypts up to the pod
{{- end }}
{{- if and .Values.settings.authAudiences (not .Values.settings.authFilter) }}
settings.authAudiences needs settings.authFilter
{{- end }}
{{- if and (ne (toString .Values.settings.chartsPage) "false") (eq (.Values.settings.chartsPath | default "/charts") (include "helm-lookout.metricsPath" .)) }}
settings.chartsPath is the same as settings.metricsPath
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
ingress.enabled needs ingress.hosts
{{- end }}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) }}
httpRoute.enabled needs httpRoute.parentRefs
{{- end }}
{{- end -}}

{{- define "helm-lookout.accessMistakes" -}}
{{- with .Values.caBundle }}
{{- if and .configMap .secret }}
caBundle: give configMap or secret
{{- end }}
{{- end }}
{{- range $name := list "httpProxy" "httpsProxy" }}
{{- if contains "@" (get $.Values.proxy $name) }}
proxy.{{ $name }} holds credentials, which everyone could read in the pod: put it into a Secret and name that in proxy.existingSecret
{{- end }}
{{- end }}
{{- range $name := list "endpoint" "stsEndpoint" }}
{{- if include "helm-lookout.hasUserInfo" (get $.Values.aws $name) }}
aws.{{ $name }} holds credentials, which everyone could read in the pod: give them in aws.credentials
{{- end }}
{{- end }}
{{- with .Values.aws }}
{{- if and .credentials.existingSecret (or .credentials.accessKeyId .credentials.secretAccessKey .credentials.sessionToken) }}
aws.credentials: give existingSecret or the keys
{{- end }}
{{- if ne (empty .credentials.accessKeyId) (empty .credentials.secretAccessKey) }}
aws.credentials: accessKeyId and secretAccessKey belong together
{{- end }}
{{- $sources := list (include "helm-lookout.awsSecretName" $) .irsa.roleArn (.podIdentity.enabled | ternary "podIdentity" "") (.instanceProfile.enabled | ternary "instanceProfile" "") }}
{{- if gt (len (without $sources "")) 1 }}
aws: give one of credentials, irsa.roleArn, podIdentity and instanceProfile: only the first that the AWS chain finds would be used
{{- end }}
{{- if and .irsa.projectToken (not .irsa.roleArn) }}
aws.irsa.projectToken needs aws.irsa.roleArn
{{- end }}
{{- if and (or .assumeRole.externalId .assumeRole.sessionName) (not .assumeRole.roleArn) }}
aws.assumeRole needs roleArn
{{- end }}
{{- end }}
{{- if and .Values.aws.irsa.roleArn (not .Values.aws.irsa.projectToken) (not .Values.serviceAccount.create) }}
aws.irsa.roleArn: the annotation goes to the service account, which serviceAccount.create does not make
{{- end }}
{{- if and .Values.rbac.create (include "helm-lookout.asksApiServer" .) (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) }}
serviceAccount.name: without a name the rights would go to the service account default, which other pods have too
{{- end }}
{{- end -}}

{{- define "helm-lookout.monitoringMistakes" -}}
{{- with .Values }}
{{- if and .serviceMonitor.enabled .podMonitor.enabled }}
serviceMonitor.enabled and podMonitor.enabled: every series would be there twice
{{- end }}
{{- end }}
{{- $namespace := include "helm-lookout.namespace" . }}
{{- range $name := list "serviceMonitor" "podMonitor" }}
{{- with get $.Values $name }}
{{- if and .enabled $.Values.tls.enabled (not .tlsConfig) (ne (.namespace | default $namespace) $namespace) }}
{{ $name }}.tlsConfig: the monitor is in another namespace than tls.existingSecret, from which it would take the authority
{{- end }}
{{- end }}
{{- end }}
{{ include "helm-lookout.monitorMistakes" (dict "root" . "name" "serviceMonitor" "endpoints" "endpoints") }}
{{ include "helm-lookout.monitorMistakes" (dict "root" . "name" "podMonitor" "endpoints" "podMetricsEndpoints") }}
{{- if include "helm-lookout.isClosed" . }}
{{- with .Values.podMonitor }}
{{- if and .enabled (not (include "helm-lookout.hasCredentials" .)) }}
podMonitor.authorization: settings.authFilter refuses scrapes without credentials, as do staticTokens and tls.clientCa
{{- end }}
{{- end }}
{{- with .Values.serviceMonitor }}
{{- if and .enabled (not (include "helm-lookout.hasCredentials" .)) }}
{{- if not $.Values.settings.authFilter }}
serviceMonitor.authorization: staticTokens and tls.clientCa refuse scrapes without credentials
{{- else if $.Values.settings.authAudiences }}
serviceMonitor.authorization: the token of Prometheus' service account, which is taken when nothing is given, is not for settings.authAudiences
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- $names := list -}}
{{- range (.Files.Get "rules/helm-lookout.yaml" | fromYaml).groups -}}
  {{- range .rules -}}
    {{- $names = concat $names (include "helm-lookout.ruleNames" . | fromJsonArray) -}}
  {{- end -}}
{{- end -}}
{{- range .Values.prometheusRule.disabled }}
{{- if not (has . $names) }}
prometheusRule.disabled: there is no alert {{ quote . }}
{{- end }}
{{- end }}
{{- range $name, $_ := .Values.prometheusRule.overrides }}
{{- if not (has $name $names) }}
prometheusRule.overrides: there is no alert {{ quote $name }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Of a dict: root, name (of the monitor's values), endpoints (the field of the spec that has them). */}}
{{- define "helm-lookout.monitorMistakes" -}}
{{- $monitor := get .root.Values .name -}}
{{- if $monitor.enabled }}
{{- if and .root.Values.settings.tlsCertFile (not (or $monitor.tlsConfig $monitor.scrapeClass (hasKey ($monitor.extraEndpointFields | default dict) "tlsConfig"))) (ne "http" ($monitor.scheme | default "https")) }}
{{ .name }}.tlsConfig: say which authority signed settings.tlsCertFile
{{- end }}
{{- $name := .name }}
{{- $of := dict "root" .root "monitor" (omit $monitor "extraEndpointFields" "extraSpecFields") }}
{{- $endpoint := include "helm-lookout.endpoint" $of | fromYaml }}
{{- range $field, $_ := $monitor.extraEndpointFields }}
{{- if hasKey $endpoint $field }}
{{ $name }}.extraEndpointFields: {{ $field }} comes from the chart already
{{- end }}
{{- end }}
{{- $spec := mergeOverwrite (include "helm-lookout.monitorSpec" $of | fromYaml) (dict "selector" dict .endpoints list) }}
{{- range $field, $_ := $monitor.extraSpecFields }}
{{- if hasKey $spec $field }}
{{ $name }}.extraSpecFields: {{ $field }} comes from the chart already
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Kubernetes lets no selector change: say so before it does, in words that help. */}}
{{- define "helm-lookout.validateSelector" -}}
{{- $kind := empty (include "helm-lookout.isSharded" .) | ternary "Deployment" "StatefulSet" -}}
{{- $name := include "helm-lookout.fullname" . -}}
{{- $there := lookup "apps/v1" $kind (include "helm-lookout.namespace" .) $name -}}
{{- $labels := include "helm-lookout.selectorLabels" . | fromYaml -}}
{{- if and $there (ne (toJson $labels) (toJson $there.spec.selector.matchLabels)) -}}
  {{- fail (printf "\n\nhelm-lookout: the selector of %s %s is %s and would become %s, which Kubernetes does not allow: keep nameOverride, or delete the %s first" $kind $name (toJson $there.spec.selector.matchLabels) (toJson $labels) $kind) -}}
{{- end -}}
{{- end -}}
