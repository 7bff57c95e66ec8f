{{- define "nowcast.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "nowcast.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "nowcast.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "nowcast.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Never add to these: a Deployment's selector cannot be changed, and an upgrade would fail. */}}
{{- define "nowcast.selectorLabels" -}}
app.kubernetes.io/name: {{ include "nowcast.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "nowcast.labels" -}}
{{ include "nowcast.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "nowcast.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "nowcast.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "nowcast.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "nowcast.hasModels" -}}
{{- $sources := list }}
{{- if .Values.models.persistentVolumeClaim.name }}{{ $sources = append $sources "persistentVolumeClaim" }}{{ end }}
{{- if .Values.models.imageVolume.reference }}{{ $sources = append $sources "imageVolume" }}{{ end }}
{{- if .Values.models.download }}{{ $sources = append $sources "download" }}{{ end }}
{{- if gt (len $sources) 1 }}
{{- fail (printf "models come from one place; models.%s are set" (join " and models." $sources)) }}
{{- end }}
{{- if and (not $sources) (not .Values.models.bundled) }}
{{- fail "there is no model: set models.bundled, or one of models.persistentVolumeClaim.name, models.imageVolume.reference and models.download" }}
{{- end }}
{{- if $sources }}true{{ end }}
{{- end }}

{{- define "nowcast.autoscaled" -}}
{{- if and .Values.autoscaling.enabled .Values.keda.enabled }}
{{- fail "autoscaling.enabled and keda.enabled both want to scale the Deployment; set one" }}
{{- end }}
{{- range $scaler := list "autoscaling" "keda" }}
{{- with get $.Values $scaler }}
{{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) }}
{{- fail (printf "%s.minReplicas %d is above its maxReplicas %d" $scaler (int .minReplicas) (int .maxReplicas)) }}
{{- end }}
{{- end }}
{{- end }}
{{- if or .Values.autoscaling.enabled .Values.keda.enabled }}true{{ end }}
{{- end }}

{{/* What is accepted is answered before the pod goes. SIGTERM comes after preStop; then answers say for a second that connections end, requests end (with the settling time after the last), predictions end, and the JVM. */}}
{{- define "nowcast.requestPhase" -}}
{{- add .Values.requestTimeout 5 }}
{{- end }}

{{- define "nowcast.gracePeriod" -}}
{{- add .Values.shutdown.preStop 1 (include "nowcast.requestPhase" . | int) .Values.shutdown.drain 5 }}
{{- end }}

{{/* The series of this release; the labels are the ServiceMonitor's, of which "service" is the Service that has its port. */}}
{{- define "nowcast.series" -}}
{{- printf "namespace=\"%s\",service=\"%s\"" .Release.Namespace (include "nowcast.metersService" .) }}
{{- end }}

{{/* All properties in a tree, a line each, `name=value`; YAML may nest names or have them in one key. */}}
{{- define "nowcast.properties" -}}
{{- range $name, $value := .tree }}
{{- if kindIs "map" $value }}
{{- include "nowcast.properties" (dict "tree" $value "prefix" (printf "%s%s." $.prefix $name)) }}
{{- else }}
{{- printf "%s%s=%v\n" $.prefix $name $value }}
{{- end }}
{{- end }}
{{- end }}

{{/* What other manifests have to agree with cannot be set behind their back. */}}
{{- define "nowcast.refuseDecidedProperties" -}}
{{- $names := list }}
{{- range include "nowcast.properties" (dict "tree" .Values.config "prefix" "") | splitList "\n" }}
{{- $names = append $names (splitList "=" . | first) }}
{{- end }}
{{- range .Values.env }}{{ $names = append $names (.name | lower | replace "_" ".") }}{{ end }}
{{- $decided := dict
    "server.port" "clients see service.port"
    "management.server.port" "set ownManagementPort and managementPort" }}
{{- if .Values.gpu.enabled }}{{ $_ := set $decided "nowcast.devices" "it follows from gpu.count" }}{{ end }}
{{- range $name, $instead := $decided }}
{{- if has $name $names }}{{ fail (printf "%s is not for config or env: %s" $name $instead) }}{{ end }}
{{- end }}
{{- end }}

{{/* Kubelets and Prometheus have no key, no token and no certificate: they get a port of their own. */}}
{{- define "nowcast.ownManagementPort" -}}
{{- if eq .Values.security.mode "api-key" }}
{{- if not .Values.security.keys.existingSecret }}{{ fail "security.mode api-key needs security.keys.existingSecret" }}{{ end }}
{{- else if eq .Values.security.mode "jwt" }}
{{- if not .Values.security.jwt.issuer }}{{ fail "security.mode jwt needs security.jwt.issuer" }}{{ end }}
{{- if not .Values.security.jwt.audiences }}{{ fail "security.mode jwt needs security.jwt.audiences" }}{{ end }}
{{- end }}
{{- if and .Values.tls.clientAuthoritySecret (not .Values.tls.existingSecret) }}
{{- fail "tls.clientAuthoritySecret needs tls.existingSecret" }}
{{- end }}
{{- if or .Values.ownManagementPort (ne .Values.security.mode "none") .Values.tls.existingSecret }}
{{- if eq (int .Values.managementPort) 8080 }}{{ fail "managementPort: 8080 is the port of the service itself" }}{{ end }}
{{- print true }}
{{- end }}
{{- end }}

{{- define "nowcast.managementPortName" -}}
{{- ternary "management" "http" (eq (include "nowcast.ownManagementPort" .) "true") }}
{{- end }}

{{/* The Service with that port. */}}
{{- define "nowcast.metersService" -}}
{{- include "nowcast.fullname" . }}{{ if include "nowcast.ownManagementPort" . }}-management{{ end }}
{{- end }}

{{- define "nowcast.runbook" -}}
{{- with .Values.prometheusRule.runbook }}runbook_url: {{ . }}{{ end }}
{{- end }}
