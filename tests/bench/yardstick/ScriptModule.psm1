# The way a script module reads a list: page after page, Invoke-WebRequest, ConvertFrom-Json, +=. What would slow it
# down for no good reason is left out: no progress bar, no parsing of HTML. PowerShell keeps the connection of a
# session alive, so it has one.

Set-StrictMode -Version 3
$ProgressPreference = 'SilentlyContinue'

function Connect-Api {
    param([string] $Url, [string] $Key, [string] $SecretKey)

    $client = [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes('public-client:public'))
    $answer = Invoke-WebRequest -UseBasicParsing -Uri "$Url/auth/oauth/token" -Method Post `
        -Headers @{ Authorization = "Basic $client" } -SessionVariable session `
        -Body @{ grant_type = 'password'; username = $Key; password = $SecretKey }
    $session.Headers['Authorization'] = 'Bearer ' + ($answer.Content | ConvertFrom-Json).access_token
    $script:Session = $session
    $script:Url = $Url
}

function Get-Devices {
    $devices = @()
    $next = "$Url/api/v2/account/devices?max=250&page=0"
    while ($next) {
        $answer = Invoke-WebRequest -UseBasicParsing -Uri $next -WebSession $Session
        $page = $answer.Content | ConvertFrom-Json
        $devices += $page.devices
        $next = $page.pageDetails.nextPageUrl
    }
    $devices
}

Export-ModuleMember -Function Connect-Api, Get-Devices
