{{/* Repositories: from values to the settings file's items and the files that hold their credentials. */}}

{{/* The begin of a repository's files: its name where that is one for a Secret's key, else with a hash. */}}
{{- define "helm-lookout.slug" -}}
{{- if regexMatch "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$" . -}}
{{- . -}}
{{- else -}}
{{- printf "%s-%s" (regexReplaceAll "[^a-z0-9]+" (lower .) "-" | trunc 40 | trimAll "-") (sha256sum . | trunc 8) | trimPrefix "-" -}}
{{- end -}}
{{- end -}}

{{/* "s3", "oci" or "http". */}}
{{- define "helm-lookout.repositoryType" -}}
{{- if .type -}}
{{- .type -}}
{{- else if or .bucket (hasPrefix "s3://" (.url | default "" | lower)) -}}
s3
{{- else if hasPrefix "oci://" (.url | default "" | lower) -}}
oci
{{- else -}}
http
{{- end -}}
{{- end -}}

{{/* "true" of a URL with a user or password before its host. */}}
{{- define "helm-lookout.hasUserInfo" -}}
{{- if regexMatch "^([^:/?#]+:)?(//)?[^/?#]*@" . -}}true{{- end -}}
{{- end -}}

{{/*
All repositories as JSON: "settings", the items of the settings file; "files", what the chart's Secret holds by file
name; "sources", the Secrets that exist, as sources of a projected volume.
*/}}
{{- define "helm-lookout.repositories" -}}
{{- $settings := list -}}
{{- $files := dict -}}
{{- $sources := list -}}
{{- range .Values.repositories -}}
  {{- $one := include "helm-lookout.repository" (dict "root" $ "given" .) | fromJson -}}
  {{- $settings = append $settings $one.settings -}}
  {{- $files = merge $files $one.files -}}
  {{- with $one.source -}}{{- $sources = append $sources . -}}{{- end -}}
{{- end -}}
{{- dict "settings" $settings "files" $files "sources" $sources | toJson -}}
{{- end -}}

{{/* One repository, of a dict: root, given. */}}
{{- define "helm-lookout.repository" -}}
{{- $given := .given -}}
{{- $slug := include "helm-lookout.slug" $given.name -}}
{{- $path := printf "%s/%s" (include "helm-lookout.folder" .root) $slug -}}
{{- $auth := deepCopy ($given.auth | default dict) -}}
{{- $tls := deepCopy ($given.tls | default dict) -}}
{{- $files := dict -}}
{{- $items := list -}}

{{- /* What is given in place goes into files. */ -}}
{{- range $field := list "username" "password" "bearerToken" "accessKeyId" "secretAccessKey" "sessionToken" -}}
  {{- with get $auth $field -}}
    {{- $_ := set $files (printf "%s.%s" $slug $field) . -}}
    {{- $_ := set $auth (printf "%sFile" $field) (printf "%s.%s" $path $field) -}}
  {{- end -}}
  {{- $_ := unset $auth $field -}}
{{- end -}}
{{- with $tls.key -}}
  {{- $_ := set $files (printf "%s.key" $slug) . -}}
  {{- $_ := set $tls "keyFile" (printf "%s.key" $path) -}}
{{- end -}}
{{- $_ := unset $tls "key" -}}

{{- $headers := list -}}
{{- range $i, $header := $auth.headers -}}
  {{- $header = deepCopy $header -}}
  {{- if or $header.value $header.secretKey -}}
    {{- $_ := set $header "valueFile" (printf "%s.header-%d" $path $i) -}}
  {{- end -}}
  {{- with $header.value -}}
    {{- $_ := set $files (printf "%s.header-%d" $slug $i) . -}}
  {{- end -}}
  {{- with $header.secretKey -}}
    {{- $items = append $items (dict "key" . "path" (printf "%s.header-%d" $slug $i)) -}}
  {{- end -}}
  {{- $headers = append $headers (omit $header "value" "secretKey") -}}
{{- end -}}
{{- with $headers -}}{{- $_ := set $auth "headers" . -}}{{- end -}}

{{- /* What a Secret that exists holds. */ -}}
{{- $type := include "helm-lookout.repositoryType" $given -}}
{{- if $given.existingSecret -}}
  {{- $keys := deepCopy ($given.secretKeys | default dict) -}}
  {{- if not (or $keys $items) -}}
    {{- range eq $type "s3" | ternary (list "accessKeyId" "secretAccessKey") (list "username" "password") -}}
      {{- if not (hasKey $auth (printf "%sFile" .)) -}}{{- $keys = set $keys . . -}}{{- end -}}
    {{- end -}}
  {{- end -}}
  {{- range $field, $key := $keys -}}
    {{- $items = append $items (dict "key" $key "path" (printf "%s.%s" $slug $field)) -}}
    {{- $section := has $field (list "ca" "cert" "key") | ternary $tls $auth -}}
    {{- $_ := set $section (printf "%sFile" (trimSuffix "File" $field)) (printf "%s.%s" $path $field) -}}
  {{- end -}}
{{- end -}}

{{- $settings := omit $given "existingSecret" "secretKeys" "auth" "tls" -}}
{{- if eq $type "s3" -}}
  {{- $auth = include "helm-lookout.assumedRole" (dict "root" .root "auth" $auth) | fromJson -}}
  {{- if and .root.Values.aws.pathStyle (not $settings.addressing) -}}
    {{- $_ := set $settings "addressing" "path" -}}
  {{- end -}}
{{- end -}}
{{- with $auth -}}{{- $_ := set $settings "auth" . -}}{{- end -}}
{{- with $tls -}}{{- $_ := set $settings "tls" . -}}{{- end -}}
{{- $source := dict -}}
{{- with $items -}}
  {{- $source = dict "secret" (dict "name" $given.existingSecret "items" .) -}}
{{- end -}}
{{- dict "settings" $settings "files" $files "source" $source | toJson -}}
{{- end -}}

{{/* The auth of an S3 repository with `aws.assumeRole`, as JSON. */}}
{{- define "helm-lookout.assumedRole" -}}
{{- $auth := deepCopy .auth -}}
{{- if not (or $auth.roleArn $auth.anonymous) -}}
  {{- range $key, $value := .root.Values.aws.assumeRole -}}
    {{- if and $value $.root.Values.aws.assumeRole.roleArn -}}{{- $_ := set $auth $key $value -}}{{- end -}}
  {{- end -}}
{{- end -}}
{{- toJson $auth -}}
{{- end -}}
