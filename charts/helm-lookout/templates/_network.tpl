{{/* What the NetworkPolicy lets through. */}}

{{/* The port that a URL connects to; "" of a file and of none. */}}
{{- define "helm-lookout.urlPort" -}}
{{- $known := dict "http" "80" "https" "443" "oci" "443" "s3" "443" "socks5" "1080" -}}
{{- with . -}}
{{- $url := urlParse . -}}
{{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (get $known (lower $url.scheme)) -}}
{{- end -}}
{{- end -}}

{{/* The ports of repositories, their servers and proxies, as JSON. */}}
{{- define "helm-lookout.repositoryPorts" -}}
{{- $urls := list .Values.aws.endpoint .Values.aws.stsEndpoint .Values.proxy.httpProxy .Values.proxy.httpsProxy -}}
{{- range .Values.repositories -}}
  {{- $url := .url | default "" -}}
  {{- if .plainHTTP -}}{{- $url = replace "oci://" "http://" $url -}}{{- end -}}
  {{- $urls = concat $urls (list $url (.endpoint | default "") (.proxyURL | default "")) -}}
{{- end -}}
{{- $ports := list -}}
{{- range $urls -}}
  {{- $ports = append $ports (include "helm-lookout.urlPort" . | int) -}}
{{- end -}}
{{- range .Values.networkPolicy.egress.repositories.ports -}}
  {{- $ports = append $ports (int .) -}}
{{- end -}}
{{- /* Flags and variables may bring repositories that the chart does not see. */ -}}
{{- if or .Values.repositories .Values.aws.irsa.roleArn .Values.extraEnv .Values.extraEnvFrom .Values.extraArgs -}}
  {{- $ports = append $ports 443 -}}
{{- end -}}
{{- without $ports 0 | uniq | sortAlpha | toJson -}}
{{- end -}}

{{/* An egress rule, of a dict: to, ports, protocols. */}}
{{- define "helm-lookout.egressRule" -}}
{{- $of := . -}}
- ports:
    {{- range $port := .ports }}
    {{- range $of.protocols }}
    - protocol: {{ . }}
      port: {{ int64 $port }}
    {{- end }}
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* An egress rule to port 80 of addresses. */}}
{{- define "helm-lookout.hostsRule" -}}
{{- $to := list -}}
{{- range . -}}{{- $to = append $to (dict "ipBlock" (dict "cidr" .)) -}}{{- end -}}
{{- include "helm-lookout.egressRule" (dict "to" $to "ports" (list 80) "protocols" (list "TCP")) -}}
{{- end -}}

{{- define "helm-lookout.egressRules" -}}
{{- with .Values.networkPolicy.egress -}}
{{- include "helm-lookout.egressRule" (dict "to" .dns.to "ports" .dns.ports "protocols" (list "UDP" "TCP")) }}
{{- if include "helm-lookout.asksApiServer" $ }}
{{ include "helm-lookout.egressRule" (dict "to" .apiServer.to "ports" .apiServer.ports "protocols" (list "TCP")) }}
{{- end }}
{{- with include "helm-lookout.repositoryPorts" $ | fromJsonArray }}
{{ include "helm-lookout.egressRule" (dict "to" $.Values.networkPolicy.egress.repositories.to "ports" . "protocols" (list "TCP")) }}
{{- end }}
{{- end }}
{{- if .Values.aws.podIdentity.enabled }}
{{ include "helm-lookout.hostsRule" (list "169.254.170.23/32" "fd00:ec2::23/128") }}
{{- end }}
{{- if .Values.aws.instanceProfile.enabled }}
{{ include "helm-lookout.hostsRule" (list "169.254.169.254/32" "fd00:ec2::254/128") }}
{{- end }}
{{- with .Values.networkPolicy.egress.extra }}
{{ toYaml . }}
{{- end }}
{{- end -}}
